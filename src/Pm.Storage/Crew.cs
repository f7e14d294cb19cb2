using System.Runtime.ExceptionServices;

namespace Pm.Storage;

/// <summary>
/// Numbered pieces of work that are independent of each other, done by several threads. The threads are its own: the kernel
/// puts a new one on a processor that is free, but wakes those of a pool where they slept.
/// </summary>
static class Crew
{
    /// <summary>Does all pieces; the first failure ends it, once every thread is through with its piece, and is thrown.</summary>
    /// <param name="pieces">They are numbered from 0 and begun in order.</param>
    /// <param name="threads">How many, the calling one included.</param>
    /// <param name="begin">Makes what one thread works with.</param>
    /// <param name="work">Does one piece.</param>
    /// <param name="cancellation">No piece is begun after it; it is not thrown.</param>
    /// <returns>What the threads worked with.</returns>
    public static IReadOnlyList<T> Run<T>(
        int pieces, int threads, Func<T> begin, Action<int, T> work, CancellationToken cancellation)
    {
        var next = -1;
        Exception? fault = null;
        var states = new T[Math.Clamp(threads, 1, Math.Max(pieces, 1))];
        var others = new List<Thread>();
        while (others.Count < states.Length - 1 && TryStart(others.Count + 1) is { } other)
        {
            others.Add(other);
        }
        Work(0);
        others.ForEach(thread => thread.Join());
        if (fault is not null)
        {
            ExceptionDispatchInfo.Throw(fault);
        }
        return states.AsSpan(0, others.Count + 1).ToArray();

        Thread? TryStart(int at)
        {
            try
            {
                var thread = new Thread(() => Work(at)) { IsBackground = true, Name = "crew" };
                thread.Start();
                return thread;
            }
            catch (OutOfMemoryException)
            {
                // No more threads are to be had: those that are do all of it.
                return null;
            }
        }

        void Work(int at)
        {
            try
            {
                var state = states[at] = begin();
                int piece;
                while (!cancellation.IsCancellationRequested && Volatile.Read(ref fault) is null
                    && (piece = Interlocked.Increment(ref next)) < pieces)
                {
                    work(piece, state);
                }
            }
            catch (Exception e)
            {
                // It is thrown again where the work was asked for.
                Interlocked.CompareExchange(ref fault, e, null);
            }
        }
    }

    /// <summary>As <see cref="Run{T}"/>, for work that needs nothing of its own.</summary>
    public static void Run(int pieces, int threads, Action<int> work, CancellationToken cancellation = default) =>
        Run(pieces, threads, static () => 0, (piece, _) => work(piece), cancellation);
}
