import { guardedScript } from '../../net/guarded-script.ts';
import type { HostSection } from './section.ts';

/** Most bytes of stderr that one section may send. */
export const STDERR_LIMIT = 4_096;
/** Printed to stderr by `as_root` when a command ran without rights; read back by the frame parser. */
export const WITHOUT_ROOT = 'seaworthy: without root:';

export interface ScriptOptions {
  /** Random per run, so that nothing a host prints can pass for a frame. Letters, digits and `-` only. */
  marker: string;
  /** Whether `sudo -n` may be used. */
  sudo: boolean;
}

type Part = Pick<HostSection, 'key' | 'script' | 'timeoutS' | 'maxBytes' | 'sudo'>;

/** Runs one command with the most rights there are. `sudo -n -l` asks first: a refused command would be logged as an attack. */
const AS_ROOT = `as_root() {
  if [ "$SW_UID" = 0 ]; then "$@"
  elif [ "$SW_SUDO" = yes ] && sudo -n -l -- "$@" >/dev/null 2>&1; then sudo -n -- "$@"
  else echo "${WITHOUT_ROOT} $1" >&2; "$@"
  fi
}`;

/**
 * The whole script for one round trip, read by `sh -s` from stdin. It writes nothing but stdout and stderr: no temporary
 * file, not even by a here-document (bash before 5.1 makes one). Both streams carry the same frames; stdout's closing
 * frame has the exit code and the host's clock of uptime before and after.
 */
export function hostScript(sections: readonly Part[], options: ScriptOptions): string {
  if (!/^[A-Za-z0-9-]+$/.test(options.marker)) throw new Error('a marker is made of letters, digits and hyphens');
  return body(
    sections,
    options,
    quote(options.marker),
    `# Seaworthy, host script. Reads only; run by: sh -s
${SECTIONS_LINE} ${sections.map((part) => part.key).join(' ')}`,
  );
}

/** First words of the line that tells an installed script which of its sections are wanted. */
const SECTIONS_LINE = '# sections:';
/** First word of an installed script's output, before the marker that it chose. */
export const ANNOUNCEMENT = 'seaworthy-host-script';

/**
 * The script as a program to be installed on a host, behind `command=` in authorized_keys. It runs nothing that it is
 * sent: of stdin it only takes which sections are wanted, by name, and the end of the connection. Without that line it
 * runs all but the slow ones. It chooses its own marker and says it before anything of the host is read.
 */
export function installedScript(sections: readonly (Part & { slow?: boolean })[], options: { sudo: boolean }): string {
  const slow = sections.filter((part) => part.slow).map((part) => part.key);
  const opening = `SW_WANTED=; n=0
while [ "$n" -lt 40 ] && read -r hash word rest; do
  n=$((n + 1)); [ "$hash $word" = '${SECTIONS_LINE}' ] && { SW_WANTED=" $rest "; break; }
done
asked() { case $SW_WANTED in '') case ' ${slow.join(' ')} ' in *" $1 "*) return 1 ;; esac ;; *" $1 "*) ;; *) return 1 ;; esac; }
`;
  const inner = body(sections, options, '"sw-$SW_MARKER"', '', 'asked');
  return `#!/bin/sh
# Seaworthy, host script, to be installed as a forced command. Reads only; ignores what it is told to run.
${opening}read -r SW_MARKER < /proc/sys/kernel/random/uuid || exit 1
echo "${ANNOUNCEMENT} sw-$SW_MARKER"
${guardedScript(inner)}`;
}

function body(
  sections: readonly Part[],
  options: { sudo: boolean },
  marker: string,
  heading: string,
  asked?: string,
): string {
  return `${heading}
LC_ALL=C; PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/sbin:/usr/bin:/bin; export LC_ALL PATH
unset ENV BASH_ENV CDPATH; umask 077
SW_UID=$(id -u); SW_SUDO=${options.sudo ? 'yes' : 'no'}; export SW_UID SW_SUDO
M=${marker}
as_root=${quote(AS_ROOT)}

clock() { read -r up rest < /proc/uptime 2>/dev/null && echo "$up" || echo -; }
if command -v timeout >/dev/null 2>&1; then has_timeout=yes; else has_timeout=no; fi
if command -v ionice >/dev/null 2>&1 && ionice -c3 true 2>/dev/null; then calm='ionice -c3'; else calm=; fi
if command -v nice >/dev/null 2>&1 && nice -n 19 true 2>/dev/null; then calm="nice -n 19 $calm"; fi

# section KEY SECONDS BYTES SUDO SCRIPT
section() {
  start=$(clock)
  printf '\\n%s begin %s\\n' "$M" "$1"; printf '\\n%s begin %s\\n' "$M" "$1" >&2
  if [ "$has_timeout" = yes ]; then
    # fd 3: the real stdout; fd 4: the exit code, caught by the substitution; fd 5: the section's stderr, bounded.
    rc=$( { { {
      # A group of its own, made by timeout, would outlive a TERM to ours: hand it on.
      trap 'kill -TERM "$work" 2>/dev/null; exit 143' TERM
      SW_SUDO=$4 timeout -k 2 "$2" $calm sh -c "$as_root
$5" </dev/null 2>&5 3>&- 4>&- 5>&- &
      work=$!; wait "$work"; echo $? >&4
    } | head -c "$3" >&3; } 5>&1 | head -c ${STDERR_LIMIT} >&2; } 4>&1 )
  else
    rc=no-timeout
  fi
  printf '\\n%s end %s %s %s %s\\n' "$M" "$1" "\${rc:--}" "$start" "$(clock)"; printf '\\n%s end %s\\n' "$M" "$1" >&2
}

exec 3>&1
printf '\\n%s hello %s %s\\n' "$M" "$SW_UID" "$SW_SUDO"
${sections.map((part) => sectionCall(part, options, asked)).join('\n')}
printf '\\n%s bye\\n' "$M"
`;
}

/** One byte more than the section may send, so that the reader can tell a full output from a cut one. */
function sectionCall(part: Part, options: { sudo: boolean }, asked?: string): string {
  const sudo = options.sudo && part.sudo !== 'never' ? 'yes' : 'no';
  return `\n${asked === undefined ? '' : `${asked} ${part.key} && `}section ${part.key} ${part.timeoutS} ${part.maxBytes + 1} ${sudo} ${quote(`\n${part.script.trim()}\n`)}`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
