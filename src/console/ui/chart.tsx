/** Rows per second over time, drawn by uPlot. */
import { useEffect, useRef } from 'preact/hooks';
import UPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { Rate } from '../api/types.ts';
import { clock, rate as rateText } from '../format.ts';
import { language, t } from '../language.ts';
import { theme } from '../theme.ts';

const HEIGHT = 180;
/** A time with its seconds, and a gap. */
const LABEL_WIDTH = 80;
const MS = 1_000;
/** Times less than this apart are told with their seconds. */
const EXACT_BELOW_S = 600;

export function RateChart({ rate }: { rate: Rate }) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<UPlot | undefined>(undefined);
  const data = dataOf(rate);
  const latest = useRef(data);
  latest.current = data;
  // Colours and words of a chart are painted, so another theme or language needs another chart.
  const look = `${theme.value} ${language.value}`;
  useEffect(() => {
    if (place.current === null) return;
    const parent = place.current;
    const made = new UPlot(optionsFor(parent), latest.current, parent);
    plot.current = made;
    const observer = new ResizeObserver(() => made.setSize({ width: parent.clientWidth, height: HEIGHT }));
    observer.observe(parent);
    return () => {
      observer.disconnect();
      made.destroy();
    };
  }, [look]);
  useEffect(() => plot.current?.setData(dataOf(rate)), [rate]);
  return <div class="chart" ref={place} role="img" aria-label={t().batch.chartHelp} />;
}

function dataOf({ points, secondsPerPoint }: Rate): UPlot.AlignedData {
  return [
    points.map(({ at }) => Date.parse(at) / MS),
    points.map(({ submitted }) => submitted / secondsPerPoint),
    points.map(({ failed }) => failed / secondsPerPoint),
  ];
}

const spanOf = (values: readonly number[]) => (values.at(-1) ?? 0) - (values[0] ?? 0);

function optionsFor(parent: HTMLElement): UPlot.Options {
  const styles = getComputedStyle(parent);
  const colour = (name: string) => styles.getPropertyValue(name).trim();
  const axis = {
    stroke: colour('--quiet'),
    grid: { stroke: colour('--line'), width: 1 },
    ticks: { stroke: colour('--line'), width: 1 },
    font: '12px system-ui, sans-serif',
  };
  const line = (label: string, name: string): UPlot.Series => ({
    label,
    stroke: colour(name),
    fill: `${colour(name)}22`,
    width: 2,
    points: { show: false },
    value: (_plot, value) => (value === null ? '' : rateText(value)),
  });
  return {
    width: parent.clientWidth,
    height: HEIGHT,
    // Room for the half of the last time that is beside its mark.
    padding: [null, 32, null, null],
    cursor: { drag: { x: false, y: false } },
    legend: { live: false },
    scales: { y: { range: (_plot, _low, high) => [0, Math.max(1, high * 1.1)] } },
    axes: [
      {
        ...axis,
        space: LABEL_WIDTH,
        values: (_plot, values) => values.map((value) => clock(value * MS, spanOf(values) < EXACT_BELOW_S)),
      },
      { ...axis, size: 44, values: (_plot, values) => values.map(rateText) },
    ],
    series: [{}, line(t().words.group.submitted, '--submitted'), line(t().words.group.failed, '--failed')],
  };
}
