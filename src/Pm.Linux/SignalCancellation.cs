using System.Runtime.InteropServices;

namespace Pm.Linux;

/// <summary>
/// Turns the first SIGINT, SIGTERM or SIGHUP into a cancellation; the second ends the process as the kernel would.
/// </summary>
public sealed class SignalCancellation : IDisposable
{
    readonly CancellationTokenSource _source = new();
    readonly List<PosixSignalRegistration> _registrations = [];
    int _signal;

    public SignalCancellation()
    {
        foreach (var (signal, number) in new[] { (PosixSignal.SIGINT, 2), (PosixSignal.SIGTERM, 15), (PosixSignal.SIGHUP, 1) })
        {
            _registrations.Add(PosixSignalRegistration.Create(signal, context => Take(context, number)));
        }
    }

    public CancellationToken Token => _source.Token;

    /// <summary>The number of the signal that came, or null.</summary>
    public int? Signal => Volatile.Read(ref _signal) is var s and not 0 ? s : null;

    public void Dispose()
    {
        _registrations.ForEach(r => r.Dispose());
        _source.Dispose();
    }

    void Take(PosixSignalContext context, int number)
    {
        context.Cancel = Interlocked.CompareExchange(ref _signal, number, 0) == 0;
        if (context.Cancel)
        {
            _source.Cancel();
        }
    }
}
