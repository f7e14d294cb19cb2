namespace Pm.Bench;

/// <summary>Clients that ask for something large, read its beginning and then no more.</summary>
sealed class SlowClients : IDisposable
{
    readonly List<Stream> _streams = [];

    internal void Add(int count, int port, string path, bool isTls)
    {
        var request = LoopbackConnection.Request(path);
        var first = new byte[1024];
        for (var i = 0; i < count; i++)
        {
            var stream = LoopbackConnection.Open(port, isTls);
            _streams.Add(stream);
            stream.Write(request);
            stream.ReadExactly(first);
        }
    }

    public void Dispose() => _streams.ForEach(s => s.Dispose());
}
