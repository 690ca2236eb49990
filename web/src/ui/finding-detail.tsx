import { Anchor, Group, Text } from '@mantine/core';
import { Link } from 'wouter';
import { FindingHistory } from './finding-history.tsx';
import classes from './findings-table.module.css';
import type { ListedFinding } from './findings-table.tsx';
import { SeverityMark } from './status.tsx';
import { Time } from './time.tsx';

/** The evidence of one finding: seen, wanted, what to do, why, since when, and where the rule comes from. */
export function FindingDetail({ finding, targetId }: { finding: ListedFinding; targetId: string }) {
  const { location, details, waiver } = finding;
  return (
    <div>
      <Group gap="md" mb={6}>
        <Text fw={600} size="sm">
          {finding.title}
        </Text>
        <SeverityMark severity={finding.severity} />
        <Anchor component={Link} href={`/checks/${finding.check}`} size="sm">
          about this check
        </Anchor>
      </Group>
      <dl className={classes.facts}>
        <Row name="seen" value={finding.seen} code />
        <Row name="wanted" value={finding.wanted} code />
        <Row name="what to do" value={finding.remediation} />
        {location && (
          <Row name="where" value={[location.file, location.line, location.commit].filter(Boolean).join(':')} code />
        )}
        {waiver && <Row name="waived" value={`until ${waiver.until} by ${waiver.owner}: ${waiver.reason}`} />}
        {finding.since && (
          <>
            <dt>since</dt>
            <dd>
              <Time at={finding.since} />
            </dd>
          </>
        )}
        <dt>sources</dt>
        <dd>
          {finding.references.map((reference) => (
            <div key={reference}>
              {/^https:\/\//.test(reference) ? (
                <Anchor href={reference} size="sm" target="_blank" rel="noreferrer">
                  {reference}
                </Anchor>
              ) : (
                reference
              )}
            </div>
          ))}
        </dd>
        {details && Object.keys(details).length > 0 && (
          <Row name="details" value={JSON.stringify(details, null, 1)} code />
        )}
      </dl>
      <FindingHistory targetId={targetId} fingerprint={finding.fingerprint} />
    </div>
  );
}

function Row({ name, value, code = false }: { name: string; value: string | undefined; code?: boolean }) {
  if (value === undefined || value === '') return null;
  return (
    <>
      <dt>{name}</dt>
      <dd data-code={code || undefined}>{value}</dd>
    </>
  );
}
