import { useContext, type ReactNode } from 'react';
import type { ButtonProps, HrefProp, LinkProps, LoadingButtonProps } from '@hubspot/ui-extensions';
import { sizeOf } from './layout.tsx';
import { HostWords } from './words.ts';

// The card's handlers take an event of HubSpot's own kind and the cards read nothing of it.
type Handler = (() => void) | undefined;

export function Link({ href, onClick, children }: LinkProps) {
  return (
    <Anchor href={href} className="hs-link" onClick={onClick as Handler}>
      {children}
    </Anchor>
  );
}

export function Button({ href, onClick, variant = 'secondary', size, disabled, children }: ButtonProps) {
  const className = 'hs-button';
  if (href !== undefined)
    return (
      <Anchor
        href={href}
        className={className}
        variant={variant}
        size={sizeOf(size, 'md')}
        onClick={onClick as Handler}
      >
        {children}
      </Anchor>
    );
  return (
    <button
      type="button"
      className={className}
      data-variant={variant}
      data-size={sizeOf(size, 'md')}
      disabled={disabled}
      onClick={() => (onClick as Handler)?.()}
    >
      {children}
    </button>
  );
}

// A button that is switched off while it loads would lose the focus to the top of the page.
export function LoadingButton({
  onClick,
  loading,
  variant = 'secondary',
  size,
  children,
}: LoadingButtonProps) {
  const isLoading = loading === true;
  return (
    <button
      type="button"
      className="hs-button"
      data-variant={variant}
      data-size={sizeOf(size, 'md')}
      aria-busy={isLoading}
      aria-disabled={isLoading || undefined}
      onClick={() => {
        if (!isLoading) (onClick as Handler)?.();
      }}
    >
      {isLoading && <span className="hs-spin" aria-hidden="true" />}
      {children}
    </button>
  );
}

interface AnchorProps {
  href: HrefProp;
  className: string;
  variant?: string;
  size?: string;
  onClick: Handler;
  children: ReactNode;
}

function Anchor({ href, className, variant, size, onClick, children }: AnchorProps) {
  const { newTab } = useContext(HostWords);
  const { url, external = false } = typeof href === 'string' ? { url: href } : href;
  return (
    <a
      href={safeAddress(url)}
      className={className}
      data-variant={variant}
      data-size={size}
      {...(external ? { target: '_blank', rel: 'noopener noreferrer' } : {})}
      onClick={() => onClick?.()}
    >
      {children}
      {external && <span className="unseen">, {newTab}</span>}
    </a>
  );
}

// As in HubSpot, a card leads to web addresses and to nothing that would run.
function safeAddress(url: string): string | undefined {
  return /^https?:\/\//.test(url) ? url : undefined;
}
