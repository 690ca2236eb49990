import { Anchor, SegmentedControl } from '@mantine/core';
import { Fragment } from 'react';
import { Link } from 'wouter';
import type { HeaderPicture, HeaderServer, HeaderSheet, HeaderVerdict } from '../../../src/core/header-verdict.ts';
import { useQueryState } from '../app/query-state.ts';
import { CopyBlock } from '../ui/copy-block.tsx';
import { Empty } from '../ui/states.tsx';
import { SeverityMark, StatusMark } from '../ui/status.tsx';
import { AddressSelect, Differences } from './addresses.tsx';
import { Picture } from './pictured.tsx';
import classes from './pictures.module.css';

const SERVERS: readonly { value: HeaderServer; label: string; where: string }[] = [
  {
    value: 'nginx',
    label: 'nginx',
    where: 'In the server block. A location with an add_header of its own inherits none of them: repeat them there.',
  },
  { value: 'apache', label: 'Apache', where: 'In the virtual host, with mod_headers (a2enmod headers).' },
  { value: 'caddy', label: 'Caddy', where: 'In the site block.' },
  {
    value: 'express',
    label: 'Express',
    where: 'In a middleware before the routes; where a route sets the header itself, there.',
  },
  { value: 'hono', label: 'hono', where: 'In a middleware, after await next().' },
  { value: 'node', label: 'Node http', where: 'In the request listener, before the answer is sent.' },
];

/** Header by header: as sent, the verdict, and the line to add for the server that was chosen. */
export function Headers({ targetId }: { targetId: string }) {
  return (
    <Picture<HeaderPicture> targetId={targetId} kind="headers">
      {(picture) => <Addresses picture={picture} />}
    </Picture>
  );
}

function Addresses({ picture }: { picture: HeaderPicture }) {
  const [chosen, choose] = useQueryState('server', 'nginx');
  const [address, setAddress] = useQueryState('address');
  const server = SERVERS.find((one) => one.value === chosen) ?? SERVERS[0];
  const { addresses } = picture;
  const [first] = addresses;
  const sheet = addresses.find((one) => one.address === address) ?? first;
  if (!server || !sheet) return <Empty title="No address was looked at" />;
  return (
    <div className={classes.stack}>
      <div className={classes.line}>
        {sheet.url !== null && <code className={classes.breakable}>{sheet.url}</code>}
        <AddressSelect addresses={addresses} shown={sheet.address} onChoose={setAddress} />
        {sheet.all !== null && (
          <SegmentedControl
            size="xs"
            aria-label="server"
            className={classes.servers}
            value={server.value}
            onChange={choose}
            data={SERVERS.map(({ value, label }) => ({ value, label }))}
          />
        )}
      </div>
      <Differences
        addresses={addresses.map((one) => ({
          address: one.address ?? '',
          absence: one.absence,
          differs: one.differs.length === 0 ? '' : `differs from ${first?.address}: ${one.differs.join(', ')}`,
        }))}
        onChoose={setAddress}
      />
      {sheet.absence !== null ? (
        <Empty title="Nothing could be told of this address">{sheet.absence}</Empty>
      ) : (
        <Sheet sheet={sheet} server={server} />
      )}
    </div>
  );
}

function Sheet({ sheet, server }: { sheet: HeaderSheet; server: (typeof SERVERS)[number] }) {
  const all = sheet.all?.[server.value] ?? '';
  return (
    <>
      {sheet.all !== null && <p className={classes.soft}>{server.where}</p>}
      <ul className={classes.headers} aria-label="headers">
        {sheet.headers.map((one) => (
          <Row key={one.header} verdict={one} server={server.value} />
        ))}
      </ul>
      {all !== '' && (
        <section aria-label="everything at once">
          <h3 className={classes.heading}>Everything at once</h3>
          <CopyBlock text={all} label={`copy all lines for ${server.label}`} />
        </section>
      )}
    </>
  );
}

function Row({ verdict, server }: { verdict: HeaderVerdict; server: HeaderServer }) {
  const { header, sent, status, severity, findings, lines, note } = verdict;
  const told = findings.filter((one) => one.status !== 'pass');
  return (
    <li className={classes.header} data-status={status}>
      <div className={classes.name}>
        <StatusMark status={status} /> <span>{header}</span>
        {severity !== null && <SeverityMark severity={severity} />}
      </div>
      <div className={classes.verdict}>
        {sent.length === 0 ? (
          <span className={classes.soft}>not sent</span>
        ) : (
          sent.map((line, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the same line may be sent twice
            <code key={index} className={classes.sent}>
              {line}
            </code>
          ))
        )}
        {(told.length > 0 ? told : findings.slice(0, 1)).map((one) => (
          <Fragment key={one.fingerprint}>
            <span className={classes.message}>
              {one.message}{' '}
              <Anchor component={Link} href={`/checks/${one.check}`} size="xs">
                {one.check}
              </Anchor>
            </span>
          </Fragment>
        ))}
        {lines !== null && <CopyBlock text={lines[server]} label={`copy the line for ${header}`} />}
        {note !== null && <span className={classes.soft}>{note}</span>}
      </div>
    </li>
  );
}
