using Pm.Simulation;
using Pm.Simulation.Lying;

namespace Pm.Cli.Tests.Hostile;

/// <summary>Makes come to pass in no time whatever pm waits for.</summary>
static class HurriedClock
{
    static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(2);

    public static async Task<ExitCode> RunAsync(ManualClock clock, Task<ExitCode> running)
    {
        while (!running.IsCompleted)
        {
            // Nobody else waits for such times, give or take a moment: pm itself is given no time but while the server takes it.
            var retry = clock.WhenAwaitedAsync(TimeSpan.Zero, LongestRetry);
            var stall = clock.WhenAwaitedAsync(LyingServer.LongestStall / 2, LyingServer.LongestStall);
            var slow = clock.WhenAwaitedAsync(LyingServer.SlowTick - LongestRetry, LyingServer.SlowTick);
            await Task.WhenAny(running, retry, stall, slow);
            clock.Advance(stall.IsCompleted ? LyingServer.LongestStall : slow.IsCompleted ? LyingServer.SlowTick : TimeSpan.FromSeconds(1));
        }

        return await running;
    }
}
