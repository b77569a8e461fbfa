import { createContext, useCallback, useContext, useId, useLayoutEffect, useMemo, useState } from 'react';
import type { KeyboardEvent } from 'react';
import type { TabProps, TabsProps } from '@hubspot/ui-extensions';

interface Group {
  base: string;
  selected: string | null;
  register: (id: string, title: string) => () => void;
}

const TabGroup = createContext<Group>({ base: '', selected: null, register: () => () => {} });
const STEPS: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowLeft: -1 };

// The card's tabs arrive as children that this component cannot look into: each one registers itself.
export function Tabs({ defaultSelected, selected: given, onSelectedChange, children }: TabsProps) {
  const base = useId();
  const [tabs, setTabs] = useState<readonly { id: string; title: string }[]>([]);
  const [own, setOwn] = useState(defaultSelected === undefined ? null : String(defaultSelected));
  const selected = given === undefined ? (own ?? tabs[0]?.id ?? null) : String(given);

  const register = useCallback((id: string, title: string) => {
    setTabs((known) => [...known.filter((one) => one.id !== id), { id, title }]);
    return () => setTabs((known) => known.filter((one) => one.id !== id));
  }, []);
  const group = useMemo(() => ({ base, selected, register }), [base, selected, register]);

  const select = (id: string): void => {
    setOwn(id);
    (onSelectedChange as ((id: string) => void) | undefined)?.(id);
  };
  const move = (event: KeyboardEvent, at: number): void => {
    const step = STEPS[event.key];
    const next = step === undefined ? undefined : tabs[(at + step + tabs.length) % tabs.length];
    if (next === undefined) return;
    event.preventDefault();
    select(next.id);
    document.getElementById(`${base}${next.id}-tab`)?.focus();
  };

  return (
    <div className="hs-tabs">
      <div className="hs-tablist" role="tablist">
        {tabs.map(({ id, title }, at) => (
          <button
            key={id}
            id={`${base}${id}-tab`}
            type="button"
            role="tab"
            aria-selected={id === selected}
            aria-controls={`${base}${id}-panel`}
            tabIndex={id === selected ? 0 : -1}
            onClick={() => select(id)}
            onKeyDown={(event) => move(event, at)}
          >
            {title}
          </button>
        ))}
      </div>
      <TabGroup.Provider value={group}>{children}</TabGroup.Provider>
    </div>
  );
}

export function Tab({ tabId, title = '', children }: TabProps) {
  const { base, selected, register } = useContext(TabGroup);
  const id = String(tabId ?? title);
  useLayoutEffect(() => register(id, title), [register, id, title]);
  return (
    <div
      id={`${base}${id}-panel`}
      className="hs-panel"
      role="tabpanel"
      aria-labelledby={`${base}${id}-tab`}
      hidden={id !== selected}
    >
      {children}
    </div>
  );
}
