import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { Route, Switch } from 'wouter';
import { ApiError, api, whenSignedOut } from '../api/client.ts';
import { useLiveUpdates } from '../api/live.ts';
import type { Me } from '../api/types.ts';
import { Audits } from '../pages/audits.tsx';
import { CheckPage, Checks } from '../pages/checks.tsx';
import { IncidentPage } from '../pages/incident.tsx';
import { Incidents } from '../pages/incidents.tsx';
import { MonitorPage } from '../pages/monitor.tsx';
import { Monitors } from '../pages/monitors.tsx';
import { OnCall } from '../pages/oncall.tsx';
import { Overview } from '../pages/overview.tsx';
import { Quiet } from '../pages/quiet.tsx';
import { ServicePage } from '../pages/service.tsx';
import { Services } from '../pages/services.tsx';
import { SignIn } from '../pages/sign-in.tsx';
import { TargetPage } from '../pages/target.tsx';
import { Targets } from '../pages/targets.tsx';
import { Empty, Loaded } from '../ui/states.tsx';
import { Shell } from './shell.tsx';

export function App() {
  const [signedOut, setSignedOut] = useState(false);
  useEffect(() => whenSignedOut(() => setSignedOut(true)), []);
  const me = useQuery({
    queryKey: ['me'],
    queryFn: () => api.get<Me>('/me'),
    enabled: !signedOut,
    retry: (count, error) => count < 2 && !(error instanceof ApiError && error.status === 401),
  });
  const live = useLiveUpdates(me.isSuccess && !signedOut);
  if (signedOut) return <SignIn />;
  return (
    <Loaded query={me}>
      {() => (
        <Shell live={live}>
          <Switch>
            <Route path="/" component={Overview} />
            <Route path="/targets" component={Targets} />
            <Route path="/targets/:id">{({ id }) => <TargetPage id={decodeURIComponent(id)} />}</Route>
            <Route path="/services" component={Services} />
            <Route path="/services/:id">{({ id }) => <ServicePage id={decodeURIComponent(id)} />}</Route>
            <Route path="/checks" component={Checks} />
            <Route path="/checks/:id">{({ id }) => <CheckPage id={decodeURIComponent(id)} />}</Route>
            <Route path="/monitors" component={Monitors} />
            <Route path="/monitors/:id">{({ id }) => <MonitorPage id={decodeURIComponent(id)} />}</Route>
            <Route path="/incidents" component={Incidents} />
            <Route path="/incidents/:id">{({ id }) => <IncidentPage id={id} />}</Route>
            <Route path="/oncall" component={OnCall} />
            <Route path="/quiet" component={Quiet} />
            <Route path="/audits" component={Audits} />
            <Route>
              <Empty title="There is no such page">The navigation on the left, or `g` and a letter, leads back.</Empty>
            </Route>
          </Switch>
        </Shell>
      )}
    </Loaded>
  );
}
