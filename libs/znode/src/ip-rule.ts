/** The id of an `ip` ACL entry: an IPv4 address, or a network as `address/bits`. */
interface IpRule {
  readonly address: number;
  readonly bits: number;
}

/** Whether this is an address or a network that an ACL may name. */
export function isIpRule(text: string): boolean {
  return parseRule(text) !== undefined;
}

/** Whether a client at `address` falls under the rule. */
export function matchesIp(address: string, ruleText: string): boolean {
  const rule = parseRule(ruleText);
  const client = parseAddress(address);
  if (rule === undefined || client === undefined) return false;
  return rule.bits === 0 || (rule.address ^ client) >>> (32 - rule.bits) === 0;
}

function parseRule(text: string): IpRule | undefined {
  const slash = text.indexOf('/');
  const address = parseAddress(slash === -1 ? text : text.slice(0, slash));
  if (address === undefined) return undefined;
  if (slash === -1) return { address, bits: 32 };
  const bitsText = text.slice(slash + 1);
  if (!/^[+-]?\d{1,9}$/u.test(bitsText)) return undefined;
  const bits = Number(bitsText);
  return bits >= 0 && bits <= 32 ? { address, bits } : undefined;
}

function parseAddress(text: string): number | undefined {
  const parts = text.split('.');
  while (parts.length > 0 && parts.at(-1) === '') parts.pop();
  if (parts.length !== 4) return undefined;
  let address = 0;
  for (const part of parts) {
    if (!/^[+-]?\d{1,9}$/u.test(part)) return undefined;
    const octet = Number(part);
    if (octet < 0 || octet > 255) return undefined;
    address = (address << 8) | octet;
  }
  return address;
}
