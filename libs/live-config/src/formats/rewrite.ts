import { Scalar, visit } from 'yaml';
import type { DocumentFormat } from '../documents.js';
import { mapStrings, pointerStep } from '../values/pointer.js';
import { parseContent } from './parse.js';
import { escapePropertyValue, propertyLines } from './properties-lines.js';
import { readYaml } from './yaml.js';

/** Changes one text value; told where it is. What it returns unchanged stays untouched in the document. */
export type StringChange = (text: string, pointer: string) => string;

/**
 * Changes text values within a document and keeps the rest of it: comments and order in YAML and properties, the order in JSON, which
 * is indented anew. In a properties file a value's pointer is made of its whole key: `/database.password`.
 * @throws ParseError
 */
export function rewriteStrings(
  format: DocumentFormat,
  content: string,
  document: string,
  change: StringChange,
): string {
  switch (format) {
    case 'json':
      return rewriteJson(content, document, change);
    case 'yaml':
      return rewriteYaml(content, document, change);
    case 'properties':
      return rewriteProperties(content, document, change);
    case 'text':
      return change(content, '');
  }
}

function rewriteJson(content: string, document: string, change: StringChange): string {
  const value = parseContent('json', content, document);
  let isChanged = false;
  const changed = mapStrings(value, (text, pointer) => {
    const result = change(text, pointer);
    isChanged ||= result !== text;
    return result;
  });
  return isChanged ? `${JSON.stringify(changed, null, 2)}\n` : content;
}

function rewriteYaml(content: string, document: string, change: StringChange): string {
  parseContent('yaml', content, document);
  const parsed = readYaml(content, document);
  let isChanged = false;
  visit(parsed, {
    Scalar(key, node, path) {
      if (key === 'key' || typeof node.value !== 'string') return;
      const result = change(node.value, yamlPointer(key, path as readonly YamlStep[]));
      if (result === node.value) return;
      isChanged = true;
      node.value = result;
      node.type = Scalar.QUOTE_DOUBLE;
    },
  });
  return isChanged ? parsed.toString({ lineWidth: 0 }) : content;
}

type YamlStep = { readonly key?: { readonly value?: unknown }; readonly items?: readonly unknown[] };

/** The pointer of a scalar from the nodes above it: pairs give keys, sequences indices. */
function yamlPointer(key: unknown, ancestors: readonly YamlStep[]): string {
  let pointer = '';
  ancestors.forEach((node, i) => {
    if (node.key !== undefined) pointer += pointerStep(String(node.key.value));
    else if (node.items !== undefined) {
      const next = ancestors[i + 1];
      const index = next === undefined ? key : node.items.indexOf(next);
      if (next?.key === undefined) pointer += pointerStep(Number(index));
    }
  });
  return pointer;
}

function rewriteProperties(content: string, document: string, change: StringChange): string {
  parseContent('properties', content, document);
  let rewritten = '';
  let copiedTo = 0;
  for (const line of propertyLines(content, document)) {
    const result = change(line.value, pointerStep(line.key));
    if (result === line.value) continue;
    rewritten += content.slice(copiedTo, line.valueStart) + escapePropertyValue(result);
    copiedTo = line.valueEnd;
  }
  return rewritten + content.slice(copiedTo);
}
