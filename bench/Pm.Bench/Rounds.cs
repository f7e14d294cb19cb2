namespace Pm.Bench;

/// <summary>Runs contenders in turns (A B C, A B C, …), so that a slow minute of the machine meets them all alike.</summary>
static class Rounds
{
    /// <summary>Medians of fewer rounds mean little on a shared machine.</summary>
    internal const int Least = 5;

    /// <summary>One series a contender, in order; a first round that warms caches up is not counted.</summary>
    internal static Series[] Run(int rounds, params Func<double>[] contenders)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rounds, Least);
        var figures = contenders.Select(_ => new double[rounds]).ToArray();
        for (var round = -1; round < rounds; round++)
        {
            for (var i = 0; i < contenders.Length; i++)
            {
                var figure = contenders[i]();
                if (round >= 0)
                {
                    figures[i][round] = figure;
                }
            }
        }

        return [.. figures.Select(f => new Series(f))];
    }
}
