import type { ReactNode } from 'react';
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow, Text } from '@hubspot/ui-extensions';

export interface Column<Row> {
  title: string;
  align?: 'left' | 'right';
  cell: (row: Row) => ReactNode;
}

interface Props<Row> {
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  keyOf: (row: Row) => string;
  /** what stands there instead of a table without rows */
  empty: string;
}

/** A table of facts, or the sentence that says why there is none. */
export function DataTable<Row>({ columns, rows, keyOf, empty }: Props<Row>) {
  if (rows.length === 0) return <Text>{empty}</Text>;
  return (
    <Table bordered={true} density="condensed">
      <TableHead>
        <TableRow>
          {columns.map(({ title, align = 'left' }) => (
            <TableHeader key={title} align={align}>
              {title}
            </TableHeader>
          ))}
        </TableRow>
      </TableHead>
      <TableBody>
        {rows.map((row) => (
          <TableRow key={keyOf(row)}>
            {columns.map(({ title, align = 'left', cell }) => (
              <TableCell key={title} align={align}>
                {cell(row)}
              </TableCell>
            ))}
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}
