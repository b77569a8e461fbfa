import type { BoxProps, DividerProps, FlexProps, HeadingProps, TextProps } from '@hubspot/ui-extensions';

// HubSpot has long and short names for the same sizes.
const SIZES: Readonly<Record<string, string>> = {
  'extra-small': 'xs',
  small: 'sm',
  medium: 'md',
  large: 'lg',
  'extra-large': 'xl',
};

export function sizeOf(size: string | undefined, fallback: string): string {
  return SIZES[size ?? ''] ?? size ?? fallback;
}

export function Flex({ direction = 'row', gap, align, justify, alignSelf, wrap, children }: FlexProps) {
  return (
    <div
      className="hs-flex"
      data-direction={direction}
      data-gap={sizeOf(gap, 'flush')}
      data-align={align}
      data-justify={justify}
      data-self={alignSelf}
      data-wrap={wrap === true || wrap === 'wrap' ? 'wrap' : undefined}
    >
      {children}
    </div>
  );
}

export function Box({ flex, alignSelf, children }: BoxProps) {
  return (
    <div className="hs-box" data-flex={flex} data-self={alignSelf}>
      {children}
    </div>
  );
}

export function Text({ variant = 'bodytext', inline, format, truncate, children }: TextProps) {
  const Element = inline === true ? 'span' : 'p';
  return (
    <Element
      className="hs-text"
      data-variant={variant}
      data-weight={format?.fontWeight}
      data-italic={format?.italic === true ? 'yes' : undefined}
      data-cut={truncate === undefined || truncate === false ? undefined : 'yes'}
      title={typeof truncate === 'object' ? truncate.tooltipText : undefined}
    >
      {children}
    </Element>
  );
}

// The page's title is the first level and the card's the second.
export function Heading({ children }: HeadingProps) {
  return <h3 className="hs-heading">{children}</h3>;
}

export function Divider({ distance }: DividerProps) {
  return <hr className="hs-divider" data-gap={sizeOf(distance, 'flush')} />;
}
