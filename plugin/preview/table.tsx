import { useContext } from 'react';
import type { TableCellProps, TableElementProps, TableHeaderProps, TableProps } from '@hubspot/ui-extensions';
import { HostWords } from './words.ts';

// A wide table scrolls in its own frame, which the keyboard must reach to scroll it.
export function Table({ density = 'default', children }: TableProps) {
  const words = useContext(HostWords);
  return (
    <div className="hs-table" tabIndex={0} role="region" aria-label={words.table}>
      <table data-density={density}>{children}</table>
    </div>
  );
}

export function TableHead({ children }: TableElementProps) {
  return <thead>{children}</thead>;
}

export function TableBody({ children }: TableElementProps) {
  return <tbody>{children}</tbody>;
}

export function TableRow({ children }: TableElementProps) {
  return <tr>{children}</tr>;
}

export function TableHeader({ align = 'left', children }: TableHeaderProps) {
  return (
    <th scope="col" data-align={align}>
      {children}
    </th>
  );
}

export function TableCell({ align = 'left', colSpan, children }: TableCellProps) {
  return (
    <td data-align={align} colSpan={colSpan}>
      {children}
    </td>
  );
}
