import {
  ActionIcon,
  AppShell,
  Burger,
  Group,
  Kbd,
  Modal,
  NavLink,
  Stack,
  Text,
  Tooltip,
  useMantineColorScheme,
} from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { Link, useLocation } from 'wouter';
import type { LiveState } from '../api/live.ts';
import { useKeyboard } from './keyboard.ts';
import { PLACES } from './places.ts';
import classes from './shell.module.css';

const LIVE: Record<LiveState, string> = {
  connecting: 'connecting to the service',
  live: 'live: what you see follows the service',
  lost: 'no connection to the service; what you see may be old',
};

export function Shell({ live, children }: { live: LiveState; children: ReactNode }) {
  const [menuOpen, menu] = useDisclosure();
  const [helpOpen, help] = useDisclosure();
  const [location] = useLocation();
  const { colorScheme, toggleColorScheme } = useMantineColorScheme();
  useKeyboard(help.open);
  const isHere = (path: string) => (path === '/' ? location === '/' : location.startsWith(path));
  return (
    <AppShell
      header={{ height: 46 }}
      navbar={{ width: 170, breakpoint: 'sm', collapsed: { mobile: !menuOpen } }}
      padding="md"
    >
      <a className={classes.skip} href="#content">
        Skip to content
      </a>
      <AppShell.Header>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="xs" wrap="nowrap">
            <Burger opened={menuOpen} onClick={menu.toggle} hiddenFrom="sm" size="sm" aria-label="menu" />
            <Link href="/" className={classes.brand}>
              Seaworthy
            </Link>
          </Group>
          <Group gap="sm" wrap="nowrap">
            <Tooltip label={LIVE[live]}>
              <span className={classes.live} data-state={live} role="status">
                {live}
              </span>
            </Tooltip>
            <ActionIcon variant="subtle" color="gray" onClick={help.open} aria-label="keyboard help">
              ?
            </ActionIcon>
            <ActionIcon
              variant="subtle"
              color="gray"
              onClick={() => toggleColorScheme()}
              aria-label={`switch to ${colorScheme === 'dark' ? 'light' : 'dark'}`}
            >
              ◐
            </ActionIcon>
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs">
        {PLACES.map((place) => (
          <NavLink
            key={place.path}
            component={Link}
            href={place.path}
            label={place.label}
            active={isHere(place.path)}
            aria-current={isHere(place.path) ? 'page' : undefined}
            onClick={menu.close}
          />
        ))}
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1}>
        {children}
      </AppShell.Main>
      <Modal opened={helpOpen} onClose={help.close} title="Keyboard" size="sm">
        <Stack gap={6}>
          <Shortcut keys={['/']} does="search what is on the page" />
          {PLACES.map((place) => (
            <Shortcut key={place.path} keys={['g', place.key]} does={place.label} />
          ))}
          <Shortcut keys={['?']} does="this help" />
          <Shortcut keys={['Esc']} does="close" />
        </Stack>
      </Modal>
    </AppShell>
  );
}

function Shortcut({ keys, does }: { keys: readonly string[]; does: string }) {
  return (
    <Group justify="space-between">
      <Text size="sm">{does}</Text>
      <span>
        {keys.map((key) => (
          <Kbd key={key} ml={4}>
            {key}
          </Kbd>
        ))}
      </span>
    </Group>
  );
}
