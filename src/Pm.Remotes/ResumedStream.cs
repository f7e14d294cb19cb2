using Pm.Codecs;

namespace Pm.Remotes;

/// <summary>A file that goes on where it broke off: from the same place while it can, else from another.</summary>
sealed class ResumedStream(PersistentFetcher owner, IFetcher place, FetchRequest request, FetchedBody first) : ReadOnlyStream
{
    /// <summary>So much without a break, and earlier breaks are forgotten.</summary>
    const long Recovered = 4 * 1024 * 1024;

    readonly List<IFetcher> _tried = [];
    IFetcher _place = place;
    FetchedBody _body = first;
    long _position = first.Offset;
    long _brokenAt = -Recovered;
    int _breaks;
    WaitedTime? _waited = request.Waited;

    public override int Read(Span<byte> buffer) => ReadByTask(buffer);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            try
            {
                var read = await _body.Content.ReadAsync(buffer, cancellationToken);
                _position += read;
                return read > 0 || buffer.IsEmpty || _position >= (_body.TotalLength ?? 0) ? read : throw EndedEarly();
            }
            catch (RemoteException e) when (e.IsTransient || (e.Code == "PM6012" && owner.Places > 1))
            {
                // What is not HTTP any more in mid-body will not be HTTP a little later; another place may do better.
                await ResumeAsync(e, cancellationToken);
            }
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _body.Content.Dispose();
        }

        base.Dispose(disposing);
    }

    async Task ResumeAsync(RemoteException failure, CancellationToken cancellationToken)
    {
        _breaks = _position - _brokenAt >= Recovered ? 1 : _breaks + 1;
        _brokenAt = _position;
        while (true)
        {
            if ((failure.IsSlow && owner.OtherThan([.. _tried, _place]) is not null) || !await owner.WaitAsync(failure, _breaks, cancellationToken))
            {
                MoveOn(failure);
            }

            try
            {
                await ReopenAsync(failure, cancellationToken);
                return;
            }
            catch (RemoteException e)
            {
                failure = e;
                _breaks = e.IsTransient ? _breaks + 1 : int.MaxValue;
            }
        }
    }

    /// <summary>This place does not get to the end: the rest comes from another one, if there is one.</summary>
    void MoveOn(RemoteException failure)
    {
        owner.Demote(_place, failure.Message);
        if (request.IsOfOnePlace && owner.Places > 1)
        {
            throw new RemoteException("PM6012", $"{failure.Message}; of another place all of it is needed", failure.Hint, failure);
        }

        _tried.Add(_place);
        _place = owner.OtherThan(_tried) ?? throw failure;

        // Each server has validators of its own.
        _body = _body with { Validator = null };
        _breaks = 0;
        _waited = new WaitedTime();
    }

    async Task ReopenAsync(RemoteException failure, CancellationToken cancellationToken)
    {
        await _body.Content.DisposeAsync();
        var rest = await _place.OpenAsync(request with { Offset = _position, Validator = _body.Validator, Waited = _waited }, cancellationToken)
            ?? throw new RemoteException("PM6003", failure.Message, inner: failure);
        if (rest.Offset != _position)
        {
            await SkipAsync(rest, cancellationToken);
        }

        _body = rest;
    }

    /// <summary>The server started over. Where nothing says that it is another file by now, the end will tell.</summary>
    async Task SkipAsync(FetchedBody rest, CancellationToken cancellationToken)
    {
        try
        {
            if (rest.Validator is { } now && _body.Validator is { } before && now != before)
            {
                throw new RemoteException("PM6012", $"{rest.Source}/{request.Path}: became another file while it was fetched");
            }

            var buffer = new byte[64 * 1024];
            for (var left = _position - rest.Offset; left > 0;)
            {
                var read = await rest.Content.ReadAsync(buffer.AsMemory(0, (int)Math.Min(left, buffer.Length)), cancellationToken);

                // More came before than the whole file is here: the beginning was no beginning of it.
                left -= read > 0 ? read : throw new RemoteException(
                    "PM6012", $"{rest.Source}/{request.Path}: expected more than {_position} bytes, as {_body.Source} gave, got {_position - left}");
            }
        }
        catch
        {
            await rest.Content.DisposeAsync();
            throw;
        }
    }

    RemoteException EndedEarly() => new(
        "PM6003", $"{_body.Source}/{request.Path}: expected {_body.TotalLength ?? request.MaximumLength} bytes, the answer ended after {_position}")
    {
        IsTransient = true,
    };
}
