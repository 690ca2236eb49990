import '@mantine/core/styles.css';
import { MantineProvider, Text } from '@mantine/core';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';

/** The nonce that the service put into the page, for the style elements that Mantine makes. */
const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';

const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <MantineProvider defaultColorScheme="auto" getStyleNonce={() => nonce}>
        <Text p="md">Seaworthy</Text>
      </MantineProvider>
    </StrictMode>,
  );
}
