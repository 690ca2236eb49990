import { Code, Container, Stack, Text, Title } from '@mantine/core';

/** Shown where there is no session. A session begins with the link that the service prints when it starts. */
export function SignIn() {
  return (
    <Container size="xs" py={80}>
      <Stack>
        <Title order={1}>Sign in</Title>
        <Text size="sm">
          Open the log-in link that the service printed when it started. It works once and for a short time. A new one:
        </Text>
        <Code block>npx seaworthy token login-link</Code>
      </Stack>
    </Container>
  );
}
