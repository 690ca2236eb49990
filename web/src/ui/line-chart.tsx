import 'uplot/dist/uPlot.min.css';
import { useMantineColorScheme } from '@mantine/core';
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import classes from './line-chart.module.css';

/** A stretch of the axis that is shaded, in seconds since the epoch. */
export interface Band {
  from: number;
  to: number;
  kind: 'down' | 'unknown';
}

interface LineChartProps {
  /** Seconds since the epoch, ascending. */
  times: readonly number[];
  /** One value per time; `null` is a gap and is drawn as one. */
  values: readonly (number | null)[];
  label: string;
  unit: string;
  /** First and last second of the axis; what the data spans where it is not given. */
  window?: readonly [from: number, to: number] | undefined;
  /** Highest value of the axis; the axis starts at zero either way. */
  max?: number;
  height?: number;
  bands?: readonly Band[];
}

/** One line over time, on an axis that starts at zero, gaps left open. What it shows is said in words for those who cannot see it. */
export function LineChart({ times, values, label, unit, window, max, height = 160, bands }: LineChartProps) {
  const host = useRef<HTMLDivElement>(null);
  const { colorScheme } = useMantineColorScheme();
  const [from, to] = window ?? [];
  useEffect(() => {
    const element = host.current;
    if (!element || times.length === 0) return;
    const dark = matchMedia('(prefers-color-scheme: dark)').matches ? colorScheme !== 'light' : colorScheme === 'dark';
    const ink = dark ? '#aab2bf' : '#5b6472';
    const grid = { stroke: dark ? '#2d3440' : '#e6e9ee', width: 1 };
    const chart = new uPlot(
      {
        width: element.clientWidth,
        height,
        scales: {
          x: from === undefined || to === undefined ? {} : { range: [from, to] },
          y: { range: (_chart, _low, high) => [0, max ?? (high > 0 ? high * 1.1 : 1)] },
        },
        hooks: { drawClear: [(chart) => shade(chart, bands ?? [], dark)] },
        legend: { show: true, live: true },
        axes: [
          { stroke: ink, grid, ticks: grid, space: 70, values: (_chart, splits) => splits.map(clock(splits)) },
          {
            stroke: ink,
            grid,
            ticks: grid,
            size: 56,
            values: (_chart, splits) => splits.map((value) => `${value} ${unit}`),
          },
        ],
        series: [
          { value: '{YYYY}-{MM}-{DD} {HH}:{mm}' },
          {
            label,
            stroke: dark ? '#8f9bff' : '#4653c9',
            width: 1.5,
            spanGaps: false,
            points: { show: times.length < 40, size: 5 },
            value: (_chart, value, _series, at) => (at === null ? '–' : value === null ? 'gap' : `${value} ${unit}`),
          },
        ],
      },
      [[...times], [...values]],
      element,
    );
    const observer = new ResizeObserver(() => chart.setSize({ width: element.clientWidth, height }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      chart.destroy();
    };
  }, [times, values, label, unit, from, to, max, height, bands, colorScheme]);
  const known = values.filter((value) => value !== null);
  const said =
    known.length === 0 ? `${label}: no data` : `${label}: ${known.length} points, last ${known.at(-1)} ${unit}`;
  return <div ref={host} className={classes.chart} role="img" aria-label={said} />;
}

/** Bands go under the line, as high as the chart, and are never too thin to be seen. */
function shade(chart: uPlot, bands: readonly Band[], dark: boolean): void {
  const { left, top, width, height } = chart.bbox;
  const colours = { down: dark ? '#7a2a24' : '#f6c9c4', unknown: dark ? '#54421c' : '#f5e6c4' };
  chart.ctx.save();
  chart.ctx.beginPath();
  chart.ctx.rect(left, top, width, height);
  chart.ctx.clip();
  for (const { from, to, kind } of bands) {
    const start = chart.valToPos(from, 'x', true);
    chart.ctx.fillStyle = colours[kind];
    chart.ctx.fillRect(start, top, Math.max(3, chart.valToPos(to, 'x', true) - start), height);
  }
  chart.ctx.restore();
}

/** Hours and minutes, with the day where it changes; seconds only where the marks are closer than a minute. */
function clock(splits: readonly number[]) {
  const step = (splits[1] ?? 0) - (splits[0] ?? 0);
  const two = (part: number) => String(part).padStart(2, '0');
  return (second: number, index: number): string => {
    const at = new Date(second * 1000);
    const day = `${two(at.getMonth() + 1)}-${two(at.getDate())}`;
    if (step >= 86_400) return day;
    const time = `${two(at.getHours())}:${two(at.getMinutes())}${step < 60 ? `:${two(at.getSeconds())}` : ''}`;
    const before = splits[index - 1];
    const newDay = before !== undefined && new Date(before * 1000).getDate() !== at.getDate();
    return newDay ? `${time}\n${day}` : time;
  };
}
