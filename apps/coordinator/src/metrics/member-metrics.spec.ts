import { describe, expect, it } from '@jest/globals';
import { Histogram } from './histogram.js';
import { MemberMetrics } from './member-metrics.js';

describe('Histogram', () => {
  it('counts a value in the first bucket that is not below it', () => {
    const histogram = new Histogram([1, 10]);
    histogram.observe(1);
    histogram.observe(1.5, 3);
    histogram.observe(100);
    expect(histogram.cumulativeCounts()).toEqual([1, 4]);
    expect(histogram.count).toBe(5);
    expect(histogram.sum).toBe(105.5);
  });
});

describe('MemberMetrics', () => {
  it('warns of a slow log sync and counts it', () => {
    const messages: string[] = [];
    const metrics = new MemberMetrics((level, message) => messages.push(`${level}: ${message}`), 1_000);
    metrics.logSynced(999, 1, 100);
    expect(messages).toEqual([]);
    metrics.logSynced(1_000, 1, 100);
    expect(messages).toEqual([expect.stringMatching(/^warn: the transaction log was slow/)]);
    expect(metrics.slowLogSyncs).toBe(1);
  });
});
