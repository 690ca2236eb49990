/**
 * `script` for `sh -s`, bound to its own stdin: when that closes, because the work is done, given up or the connection is
 * lost, the whole process group gets SIGTERM. sshd alone would leave the commands of a dropped session running.
 * The group command makes the shell read all of the script before the first command starts; after that nobody else reads stdin.
 */
export function guardedScript(script: string): string {
  return `{
exec 6<&0 </dev/null
( while read -r line <&6; do :; done; kill -TERM 0 ) >/dev/null 2>&1 3>&- &
guard=$!
(
exec 6<&-
${script}
)
code=$?
trap '' TERM
kill "$guard" 2>/dev/null
exit "$code"
}
`;
}
