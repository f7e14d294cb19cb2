namespace Pm.Daemon;

/// <summary>The signals are <see cref="DaemonProcess"/>'s: the framework's own way would print, and take them from a test.</summary>
sealed class NoLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
