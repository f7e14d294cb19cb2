using Pm.Repositories.Serving;

namespace Pm.Repositories.StaticServing;

/// <summary>What the small server allows its clients.</summary>
public sealed record StaticOptions
{
    public required TimeProvider Time { get; init; }

    /// <summary>At one time; further ones wait.</summary>
    public int MaximumConnections { get; init; } = 256;

    /// <summary>Of those, from one address; further ones are closed.</summary>
    public int MaximumClientConnections { get; init; } = AddressShares.ShareOf(256);

    /// <summary>For the head of a request, from its first byte.</summary>
    public TimeSpan HeadTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Between requests of a connection.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(75);

    /// <summary>For each piece of an answer, 16 KiB, that the kernel takes no more of: a client that takes longer has gone.</summary>
    public TimeSpan StepTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>For answers in flight when the server is told to stop.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Is told of each request at its end.</summary>
    public Action<RequestRecord> Log { get; init; } = _ => { };
}
