import 'uplot/dist/uPlot.min.css';
import { useMantineColorScheme } from '@mantine/core';
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import classes from './line-chart.module.css';

interface LineChartProps {
  /** Seconds since the epoch, ascending. */
  times: readonly number[];
  /** One value per time; `null` is a gap and is drawn as one. */
  values: readonly (number | null)[];
  label: string;
  unit: string;
  /** Highest value of the axis; the axis starts at zero either way. */
  max?: number;
  height?: number;
}

/** One line over time, on an axis that starts at zero, gaps left open. What it shows is said in words for those who cannot see it. */
export function LineChart({ times, values, label, unit, max, height = 160 }: LineChartProps) {
  const host = useRef<HTMLDivElement>(null);
  const { colorScheme } = useMantineColorScheme();
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
        scales: { y: { range: (_chart, _low, high) => [0, max ?? (high > 0 ? high * 1.1 : 1)] } },
        legend: { show: true, live: true },
        axes: [
          { stroke: ink, grid, ticks: grid },
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
            value: (_chart, value) => (value === null ? 'gap' : `${value} ${unit}`),
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
  }, [times, values, label, unit, max, height, colorScheme]);
  const known = values.filter((value) => value !== null);
  const said =
    known.length === 0 ? `${label}: no data` : `${label}: ${known.length} points, last ${known.at(-1)} ${unit}`;
  return <div ref={host} className={classes.chart} role="img" aria-label={said} />;
}
