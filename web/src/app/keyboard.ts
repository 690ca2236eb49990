import { useEffect, useRef } from 'react';
import { useLocation } from 'wouter';
import { PLACES } from './places.ts';

/** How long the letter after `g` may take. */
const CHORD_MS = 1_200;

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

/** `/` search, `g` then a letter to go somewhere, `?` help. Silent while somebody types or holds a modifier. */
export function useKeyboard(onHelp: () => void): void {
  const [, navigate] = useLocation();
  const chordUntil = useRef(0);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if (event.timeStamp < chordUntil.current) {
        chordUntil.current = 0;
        const place = PLACES.find((one) => one.key === event.key);
        if (place) navigate(place.path);
        return;
      }
      if (event.key === 'g') chordUntil.current = event.timeStamp + CHORD_MS;
      if (event.key === '?') onHelp();
      if (event.key === '/') {
        const search = document.querySelector<HTMLInputElement>('input[type="search"]');
        if (!search) return;
        event.preventDefault();
        search.focus();
        search.select();
      }
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [navigate, onHelp]);
}
