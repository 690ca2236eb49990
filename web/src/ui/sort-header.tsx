import { Table, UnstyledButton } from '@mantine/core';

interface SortHeaderProps {
  name: string;
  label?: string;
  /** `name` ascending or `-name` descending. */
  sort: string;
  onSort(sort: string): void;
}

/** A column head that sorts by its column; a second click turns the order round. */
export function SortHeader({ name, label = name, sort, onSort }: SortHeaderProps) {
  const direction = sort === name ? 'ascending' : sort === `-${name}` ? 'descending' : undefined;
  return (
    <Table.Th aria-sort={direction ?? 'none'}>
      <UnstyledButton fz="sm" fw={600} onClick={() => onSort(direction === 'ascending' ? `-${name}` : name)}>
        {label} {direction === 'ascending' ? '↑' : direction === 'descending' ? '↓' : ''}
      </UnstyledButton>
    </Table.Th>
  );
}

/** Rows by one of their fields; what has no value comes first, because it is what one should look at. */
export function sorted<T extends object>(rows: readonly T[], sort: string): T[] {
  const turn = sort.startsWith('-') ? -1 : 1;
  const key = sort.replace(/^-/, '');
  const value = (row: T): unknown => (row as Record<string, unknown>)[key];
  return [...rows].sort((a, b) => {
    const [left, right] = [value(a) ?? '', value(b) ?? ''];
    if (left === right) return 0;
    if (left === '' || right === '') return left === '' ? -turn : turn;
    return (
      (typeof left === 'number' && typeof right === 'number'
        ? left - right
        : String(left).localeCompare(String(right))) * turn
    );
  });
}
