namespace Pm.Remotes.Http;

/// <summary>How long a server may keep a request waiting: from its beginning, or from the last sign that it goes on.</summary>
sealed class Patience(TimeSpan time, TimeProvider clock) : IDisposable
{
    readonly CancellationTokenSource _over = new(time, clock);

    public TimeSpan Time => time;

    public CancellationToken Over => _over.Token;

    /// <summary>It goes on: the time begins anew.</summary>
    public void Renew() => _over.CancelAfter(time);

    public void Dispose() => _over.Dispose();
}
