import type { CertificatePicture, TlsAddressPicture } from '../../../src/core/tls-picture.ts';
import { StrengthMark } from '../ui/mark.tsx';
import classes from './pictures.module.css';

const day = (instant: string) => instant.slice(0, 10);
const days = (count: number) => `${Math.abs(count)} ${Math.abs(count) === 1 ? 'day' : 'days'}`;

function wordsFor({ state, daysLeft, notBefore }: CertificatePicture): string {
  if (state === 'expired') return `expired ${daysLeft === -1 ? 'within a day' : `${days(daysLeft)} ago`}`;
  if (state === 'not-yet-valid') return `not valid before ${day(notBefore)}`;
  const left = daysLeft === 0 ? 'less than a day left' : `${days(daysLeft)} left`;
  return state === 'fresh' ? left : `${left}, renewal is due`;
}

/** Every certificate of the chain from its first day to its last, each on a scale of its own, with today on it. */
export function Certificates({ address, now }: { address: TlsAddressPicture; now: string }) {
  const { chain, chainNote, trust } = address;
  return (
    <section aria-label="certificates">
      <h3 className={classes.heading}>
        Certificates <span className={classes.soft}>as sent, leaf first</span>
      </h3>
      <p className={classes.line}>
        <StrengthMark strength={trust.trusted === null ? 'old' : trust.trusted ? 'good' : 'weak'} label="" />
        <span>
          {trust.trusted === null ? 'trust could not be told' : trust.trusted ? 'trusted' : 'not trusted'}
          <span className={classes.soft}> {trust.reason}</span>
        </span>
      </p>
      {chainNote !== null && <p className={classes.soft}>{chainNote}</p>}
      {chain.map((one, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a chain may carry the same certificate twice
        <Bar key={`${one.fingerprint} ${index}`} certificate={one} now={now} />
      ))}
    </section>
  );
}

function Bar({ certificate, now }: { certificate: CertificatePicture; now: string }) {
  const { notBefore, notAfter, renewAt, role, subject, issuer, key, signature, state } = certificate;
  const [from, to] = [Date.parse(notBefore), Date.parse(notAfter)];
  const place = (instant: string) => Math.min(1, Math.max(0, (Date.parse(instant) - from) / Math.max(1, to - from)));
  const used = place(now);
  const words = wordsFor(certificate);
  return (
    <div className={classes.certificate} data-state={state}>
      <div className={classes.line}>
        <span className={classes.role}>{role}</span>
        <strong>{subject}</strong>
        <span className={classes.soft}>
          by {issuer} · {key} · {signature}
        </span>
      </div>
      <div className={classes.life}>
        <svg
          className={classes.track}
          viewBox="0 0 1000 24"
          preserveAspectRatio="none"
          role="img"
          aria-label={`${subject}: ${day(notBefore)} to ${day(notAfter)}, renew at ${day(renewAt)}, ${words}`}
        >
          <rect x="0" y="6" width="1000" height="12" data-part="life" />
          <rect x="0" y="6" width={1000 * used} height="12" data-part="used" />
          <rect x={1000 * place(renewAt) - 1} y="2" width="2" height="20" data-part="renew" />
          <rect x={Math.max(0, Math.min(996, 1000 * used - 2))} y="0" width="4" height="24" data-part="now" />
        </svg>
      </div>
      <div className={classes.dates}>
        <span>{day(notBefore)}</span>
        <span>
          <i data-part="renew" /> renew {day(renewAt)}
        </span>
        <span>
          <i data-part="now" /> {words}
        </span>
        <span>{day(notAfter)}</span>
      </div>
    </div>
  );
}
