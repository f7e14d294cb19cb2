namespace Pm.Cli.Rpc;

/// <summary>How much of <c>pm rpc</c> somebody may have.</summary>
static class RpcLimits
{
    /// <summary>Bytes of a request, or of a batch of them.</summary>
    public const int Line = 1 << 20;

    /// <summary>How deep the JSON of a request may be nested.</summary>
    public const int Depth = 32;

    /// <summary>Bytes of the JSON of a request's id.</summary>
    public const int Id = 200;

    /// <summary>Requests in a batch.</summary>
    public const int Batch = 100;

    /// <summary>Runs at once.</summary>
    public const int Runs = 64;

    /// <summary>Other commands at once; what comes beyond that waits.</summary>
    public const int Calls = 8;

    /// <summary>Requests that wait.</summary>
    public const int Waiting = 1000;

    /// <summary>Bytes of an event; of what a program writes without a line's end so much is taken for a line.</summary>
    public const int Event = 1 << 20;

    /// <summary>Bytes of what a command answers.</summary>
    public const int Answer = 64 << 20;

    /// <summary>Bytes that wait for the client to read them, before nothing more is read that would make more.</summary>
    public const int Held = 1 << 20;

    /// <summary>How deep the JSON of an event may be nested.</summary>
    public const int EventDepth = 64;

    /// <summary>Lines of a command's talk that are kept, to say why it failed.</summary>
    public const int Talk = 50;

    /// <summary>How long a run may take to end after it was asked to.</summary>
    public static readonly TimeSpan RunGrace = TimeSpan.FromSeconds(5);

    /// <summary>How long a client that reads nothing is waited for when pm is to end.</summary>
    public static readonly TimeSpan ClientGrace = TimeSpan.FromSeconds(2);

    /// <summary>How long a command may take to undo what it had begun.</summary>
    public static readonly TimeSpan CallGrace = TimeSpan.FromMinutes(1);
}
