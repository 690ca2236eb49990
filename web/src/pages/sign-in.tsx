import { Anchor, Container, Stack, Text, Title } from '@mantine/core';

/** Shown where there is no session, or where it has ended. */
export function SignIn() {
  return (
    <Container size="xs" py={80}>
      <Stack>
        <Title order={1}>Seaworthy</Title>
        <Text size="sm">You are not logged in, or the session has ended.</Text>
        <Anchor href="/login">Log in with a link or a token</Anchor>
      </Stack>
    </Container>
  );
}
