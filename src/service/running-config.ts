import { type FSWatcher, watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { Policy } from '../audit/judge.ts';
import { type Config, type ConfiguredTarget, checkSettings } from '../config/config.ts';
import { ConfigError, formatProblem } from '../config/problem.ts';
import { reasonOf } from '../core/error.ts';
import type { Target } from '../core/target.ts';
import type { Waiver } from '../core/waiver.ts';

/** The configuration that runs, and what became of the newest attempt to change it. */
export interface RunningConfig {
  current(): Config;
  target(id: string): ConfiguredTarget | null;
  /** What judges: checks and waivers of the file, with those that people made at run time. */
  policy(runTimeWaivers: readonly Waiver[]): Policy;
  /** Why the file on disk is refused, one problem a line; empty while file and running configuration agree. */
  refused(): { at: number; problems: readonly string[] } | null;
  loadedAt(): number;
  /** Reads it again. What is invalid changes nothing. */
  reload(): Promise<'changed' | 'refused' | 'nothing-to-read'>;
  /** Watches the files and reloads when they are saved. */
  watch(): void;
  close(): void;
}

export interface RunningConfigParts {
  initial: Config;
  /** `null` where there is no file: the built-in configuration stays. */
  load: (() => Config) | null;
  now(): number;
  onChange(config: Config): void | Promise<void>;
  onRefused(problems: readonly string[]): void;
}

/** Editors save in several steps; the last one counts. */
const DEBOUNCE_MS = 250;

export function createRunningConfig(parts: RunningConfigParts): RunningConfig {
  let config = parts.initial;
  let loadedAt = parts.now();
  let refused: { at: number; problems: readonly string[] } | null = null;
  let watchers: FSWatcher[] = [];
  let timer: NodeJS.Timeout | undefined;
  let watching = false;

  async function reload(): Promise<'changed' | 'refused' | 'nothing-to-read'> {
    if (parts.load === null) return 'nothing-to-read';
    try {
      config = parts.load();
    } catch (error) {
      const problems = error instanceof ConfigError ? error.problems.map(formatProblem) : [reasonOf(error)];
      refused = { at: parts.now(), problems };
      parts.onRefused(problems);
      return 'refused';
    }
    refused = null;
    loadedAt = parts.now();
    if (watching) watchFiles();
    await parts.onChange(config);
    return 'changed';
  }

  function watchFiles(): void {
    for (const one of watchers) one.close();
    // The folder, not the file: editors replace a file by another one of the same name.
    const names = new Set(config.files.map((file) => basename(file)));
    watchers = [...new Set(config.files.map((file) => dirname(file)))].flatMap((folder) => {
      try {
        const watcher = watch(folder, { persistent: false }, (_event, name) => {
          if (name !== null && !names.has(name) && !/\.ya?ml$/.test(name)) return;
          clearTimeout(timer);
          timer = setTimeout(() => void reload(), DEBOUNCE_MS);
        });
        watcher.on('error', () => watcher.close());
        return [watcher];
      } catch {
        return []; // a file system without notices: SIGHUP still works
      }
    });
  }

  return {
    current: () => config,
    target: (id) => config.targets.find(({ target }) => target.id === id) ?? null,
    policy(runTimeWaivers) {
      const running = config;
      const known = new Map<string, ReturnType<typeof checkSettings>>();
      return {
        waivers: [...running.waivers, ...runTimeWaivers],
        settings(target: Target, check) {
          const settings = known.get(target.id) ?? checkSettings(running, target.id);
          known.set(target.id, settings);
          return settings(check);
        },
      };
    },
    refused: () => refused,
    loadedAt: () => loadedAt,
    reload,
    watch() {
      watching = true;
      watchFiles();
    },
    close() {
      watching = false;
      clearTimeout(timer);
      for (const one of watchers) one.close();
    },
  };
}
