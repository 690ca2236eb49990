import { Button, CopyButton } from '@mantine/core';
import classes from './copy-block.module.css';

/** Text to paste elsewhere, as it is, with a button that copies it. */
export function CopyBlock({ text, label }: { text: string; label: string }) {
  return (
    <div className={classes.block}>
      <pre className={classes.text}>{text}</pre>
      <CopyButton value={text}>
        {({ copied, copy }) => (
          <Button size="compact-xs" variant="default" aria-label={label} onClick={copy} className={classes.button}>
            {copied ? 'copied' : 'copy'}
          </Button>
        )}
      </CopyButton>
    </div>
  );
}
