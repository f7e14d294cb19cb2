using System.Collections.Concurrent;

namespace Pm.Torture.Gear;

/// <summary>A place for each processor, and the work shared out among them.</summary>
static class Workers
{
    public static IReadOnlyList<TResult> Run<TWork, TResult>(IEnumerable<TWork> work, Func<Place, TWork, TResult> act)
    {
        var queue = new ConcurrentQueue<TWork>(work);
        var results = new ConcurrentBag<TResult>();
        var count = Math.Min(Environment.ProcessorCount, queue.Count);
        Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = count }, _ =>
        {
            using var place = new Place(Executables.Pm);
            place.Prepare();
            while (queue.TryDequeue(out var one))
            {
                results.Add(act(place, one));
            }
        });
        return [.. results];
    }
}
