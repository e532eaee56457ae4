import { describe, expect, it } from '@jest/globals';
import { isIpRule, matchesIp } from './ip-rule.js';

describe('the id of an ip entry', () => {
  it.each([
    '127.0.0.1',
    '0.0.0.0',
    '255.255.255.255',
    '10.0.0.0/8',
    '10.0.0.0/0',
    '1.2.3.4/32',
    '01.2.3.4',
    '+1.2.3.4',
  ])('%s is one', (text) => {
    expect(isIpRule(text)).toBe(true);
  });

  it.each([
    '',
    'localhost',
    '::1',
    '1.2.3',
    '1.2.3.4.5',
    '1.2.3.256',
    '-1.2.3.4',
    '1.2.3.x',
    '1.2.3.4/33',
    '1.2.3.4/-1',
    '1.2.3.4/',
    '1.2.3.4/x',
    '1..3.4',
    ' 1.2.3.4',
  ])('%j is none', (text) => {
    expect(isIpRule(text)).toBe(false);
  });
});

describe('a client’s address', () => {
  it.each([
    ['10.1.2.3', '10.1.2.3', true],
    ['10.1.2.3', '10.1.2.4', false],
    ['10.1.2.3', '10.1.0.0/16', true],
    ['10.2.2.3', '10.1.0.0/16', false],
    ['10.1.2.3', '10.1.255.255/16', true],
    ['192.168.1.128', '192.168.1.0/25', false],
    ['192.168.1.127', '192.168.1.0/25', true],
    ['255.255.255.255', '128.0.0.0/1', true],
    ['127.255.255.255', '128.0.0.0/1', false],
    ['1.2.3.4', '9.9.9.9/0', true],
    ['::1', '0.0.0.0/0', false],
    ['1.2.3.4', 'nonsense', false],
  ])('%s falls under %s: %s', (address, rule, expected) => {
    expect(matchesIp(address, rule)).toBe(expected);
  });
});
