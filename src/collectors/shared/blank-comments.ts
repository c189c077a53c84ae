const COMMENT = /("(?:[^"\\\n]|\\.)*"?)|\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/g;

/** Blanks out the comments of JSON, so that places stay right. The rest is JSON, and JSON is YAML. */
export function blankComments(text: string): string {
  return text.replace(COMMENT, (match, quoted: string | undefined) => quoted ?? match.replace(/[^\n]/g, ' '));
}
