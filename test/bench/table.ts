/** The table that the benchmark prints: both servers, their ratio, the goal, and whether it is met. */
import { CPU_GOAL, MILLION_GOALS, type Goal, type LoadRow } from './rows.js';
import type { MillionFigures } from './run-million.js';
import type { ServerKind } from './servers.js';
import type { LoadResult } from './zkload.js';

/** One line of the table: one figure of both servers and what is asked of it. */
export interface Figure {
  readonly title: string;
  readonly unit: string;
  readonly corral: number | undefined;
  readonly apache: number | undefined;
  readonly goal: Goal | undefined;
}

/** The figures of one load. */
export function loadFigures(row: LoadRow, measured: ReadonlyMap<ServerKind, LoadResult>): Figure[] {
  const figure = (title: string, unit: string, pick: (f: LoadResult) => number, goal: Goal | undefined): Figure => ({
    title: `${row.title}: ${title}`,
    unit,
    corral: pickFrom(measured.get('corral'), pick),
    apache: pickFrom(measured.get('apache'), pick),
    goal,
  });
  const one = row.counts === 'notifications' ? 'notification' : 'operation';
  return [
    figure(row.counts, '/s', (f) => f.ratePerSecond, row.rateGoal),
    figure('latency p50', 'us', (f) => f.p50Us, row.p50Goal),
    figure('latency p99', 'us', (f) => f.p99Us, undefined),
    figure(`server CPU per ${one}`, 'us', (f) => f.cpuUsPerOperation, CPU_GOAL),
    figure('requests that failed', '', (f) => f.errorCount, undefined),
  ].filter((f) => f.unit !== '' || (f.corral ?? 0) + (f.apache ?? 0) > 0);
}

/** The figures of the large tree. */
export function millionFigures(znodeCount: number, measured: ReadonlyMap<ServerKind, MillionFigures>): Figure[] {
  const figure = (title: string, unit: string, pick: (f: MillionFigures) => number, goal: Goal): Figure => ({
    title: `${znodeCount.toLocaleString('en-US')} znodes: ${title}`,
    unit,
    corral: pickFrom(measured.get('corral'), pick),
    apache: pickFrom(measured.get('apache'), pick),
    goal,
  });
  return [
    figure('anonymous memory after loading', 'MB', (f) => f.loadedAnonymousMb, MILLION_GOALS.anonymousMb),
    figure('anonymous memory after a restart', 'MB', (f) => f.restartedAnonymousMb, MILLION_GOALS.anonymousMb),
    figure('restart to first session', 'ms', (f) => f.restartMs, MILLION_GOALS.restartMs),
    figure('the same after kill -9 under load', 'ms', (f) => f.restartAfterKillMs, MILLION_GOALS.restartMs),
    figure('disk after loading', 'MB', (f) => f.diskMb, MILLION_GOALS.diskMb),
  ];
}

/** Whether a figure meets its goal; undefined when there is no goal or a side is missing. */
export function goalMet(figure: Figure): boolean | undefined {
  const { goal, corral, apache } = figure;
  if (goal === undefined || corral === undefined) return undefined;
  if (goal.kind === 'value-at-most') return corral <= goal.bound;
  if (goal.kind === 'value-at-least') return corral >= goal.bound;
  if (apache === undefined) return undefined;
  const ratio = corral / apache;
  return goal.kind === 'ratio-at-least' ? ratio >= goal.bound : ratio <= goal.bound;
}

/** Renders the figures as a Markdown table whose columns line up for a person, too. */
export function renderTable(figures: readonly Figure[]): string {
  const header = ['', 'Corral', 'Apache 3.8', 'ratio', 'goal', 'met'];
  const rows = figures.map((figure) => [
    figure.title,
    show(figure.corral, figure.unit),
    show(figure.apache, figure.unit),
    ratioText(figure),
    goalText(figure),
    { true: 'yes', false: 'NO', undefined: '' }[`${goalMet(figure)}`],
  ]);
  const widths = header.map((cell, column) => Math.max(cell.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join(' | ')} |`;
  const rule = `| ${widths.map((width, i) => (i === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`;
  return [line(header), rule, ...rows.map(line)].join('\n');
}

function pickFrom<T>(figures: T | undefined, pick: (figures: T) => number): number | undefined {
  return figures === undefined ? undefined : pick(figures);
}

function show(value: number | undefined, unit: string): string {
  if (value === undefined) return '-';
  const text = value < 100 ? value.toFixed(1) : Math.round(value).toLocaleString('en-US');
  return unit === '' || unit.startsWith('/') ? `${text}${unit}` : `${text} ${unit}`;
}

function ratioText({ corral, apache }: Figure): string {
  return corral === undefined || apache === undefined || apache === 0 ? '-' : (corral / apache).toFixed(2);
}

function goalText({ goal, unit }: Figure): string {
  if (goal === undefined) return '';
  if (goal.kind === 'value-at-most') return `<= ${goal.bound} ${unit}`;
  if (goal.kind === 'value-at-least') return `>= ${goal.bound} ${unit}`;
  return goal.kind === 'ratio-at-least' ? `>= ${goal.bound}x` : `<= ${goal.bound.toFixed(2)}x`;
}
