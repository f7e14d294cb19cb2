using Pm.Linux;

namespace Pm.Ebpf.Filters;

/// <summary>How long one command waits for others that change filters of traffic control. When it has come to an end for one filter, the next are tried only once.</summary>
/// <param name="time">The clock.</param>
/// <param name="cancellation">Ends the wait of who wants a filter. Who takes one away waits all the same: nobody else would.</param>
/// <param name="waiting">Is told who is waited for; null: nobody.</param>
public sealed class FilterPatience(TimeProvider time, CancellationToken cancellation, Action<LockHolder?>? waiting = null)
{
    /// <summary>Others have it for a few milliseconds each, and for as long as the kernel loads a module at the first filter; who has it for longer than this is stopped, or hangs.</summary>
    public static readonly TimeSpan Most = TimeSpan.FromSeconds(5);

    bool _isOver;

    /// <summary>Of who has nobody to end the wait.</summary>
    public static FilterPatience Usual => new(TimeProvider.System, CancellationToken.None);

    /// <summary>That of taking away what was made with this one.</summary>
    internal FilterPatience ToUndo => field ??= new FilterPatience(time, CancellationToken.None, waiting);

    /// <summary>Takes the directory alone.</summary>
    /// <exception cref="LockBusyException">Another has it, who is named.</exception>
    /// <exception cref="SystemCallException">The kernel refused.</exception>
    internal void Take(DirectoryHandle directory)
    {
        try
        {
            directory.Lock(_isOver ? TimeSpan.Zero : Most, time, waiting, cancellation);
        }
        catch (LockBusyException)
        {
            _isOver = true;
            throw;
        }
    }
}
