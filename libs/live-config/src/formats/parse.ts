import type { DocumentFormat } from '../documents.js';
import { type ConfigValue, checkTree } from '../values/tree.js';
import { parseJson } from './json.js';
import { parseProperties } from './properties.js';
import { parseYaml } from './yaml.js';

/**
 * Reads a document. `document` is its name in errors. A text is its own value; an empty document is an empty tree.
 * @throws ParseError | InvalidInputError | TooLargeError
 */
export function parseContent(format: DocumentFormat, content: string, document: string): ConfigValue {
  switch (format) {
    case 'json':
      return checkTree(parseJson(content, document), document);
    case 'yaml':
      return checkTree(parseYaml(content, document), document);
    case 'properties':
      return checkTree(parseProperties(content, document), document);
    case 'text':
      return content;
  }
}
