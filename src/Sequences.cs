namespace Pm;

/// <summary>Select as System.Linq has it, found before it by every room, because it lies in the namespace around theirs.</summary>
/// <remarks>
/// In .NET 9 <c>Enumerable.Select</c> is a virtual generic method: compiled ahead of time it comes once for every pair of value
/// types that are selected from and to anywhere in the program, 5 MB for some dozen of each. Source: docs/adr/0004.
/// </remarks>
static class Sequences
{
    /// <summary>What <paramref name="selector"/> makes of each of <paramref name="source"/>, when it is asked for.</summary>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    internal static IEnumerable<TResult> Select<TSource, TResult>(this IEnumerable<TSource> source, Func<TSource, TResult> selector)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(selector);
        return Selected(source, selector);
    }

    static IEnumerable<TResult> Selected<TSource, TResult>(IEnumerable<TSource> source, Func<TSource, TResult> selector)
    {
        foreach (var item in source)
        {
            yield return selector(item);
        }
    }
}
