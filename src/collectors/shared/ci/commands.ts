/** More commands than this in one script are not looked at. */
const MOST_COMMANDS = 5_000;
/** What may stand before a command: variables for it, and programs that only pass it on. */
const PREFIX = /^(?:[A-Za-z_]\w*=.*|sudo|time|env|command|exec)$/;

/**
 * Returns the simple commands of a shell script as lists of words, without quotes. It knows line ends, `;`, `&&`, `||`,
 * `|` and lines that go on after a backslash. What substitutions do is not followed.
 */
export function commandsOf(script: string): readonly (readonly string[])[] {
  const lines = script.replace(/[\\`]\r?\n/g, ' ').split(/[\n;|&()]+/, MOST_COMMANDS);
  return lines.flatMap((line) => {
    const words = line.trim().split(/\s+/);
    const start = words.findIndex((word) => !PREFIX.test(word));
    const command = words.slice(Math.max(0, start)).map((word) => word.replace(/^["']|["']$/g, ''));
    return start < 0 || command[0] === '' || command[0]?.startsWith('#') === true ? [] : [command];
  });
}
