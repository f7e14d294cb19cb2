namespace Pm.Remotes.Http;

/// <summary>How slowly a body may come. Only time is counted in which pm waits for the server.</summary>
public sealed record TransferLimits
{
    /// <summary>The average is taken over so much waiting.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Bytes a second, on average over each window.</summary>
    public int MinimumRate { get; init; } = 1024;

    /// <summary>What a file may take besides the time that its greatest length takes at <see cref="DeadlineRate"/>.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Bytes a second that a whole file must reach.</summary>
    public int DeadlineRate { get; init; } = 4096;

    /// <summary>How long a file of so many bytes may take.</summary>
    public TimeSpan Deadline(long length)
    {
        var longest = TimeSpan.FromDays(1);
        var whole = length / DeadlineRate;
        return whole > longest.TotalSeconds ? longest : Grace + TimeSpan.FromSeconds(whole);
    }

    /// <summary>How long the answer to a request may take, by what is allowed and what the server says of its length.</summary>
    public TimeSpan Deadline(FetchRequest request, long? announced)
    {
        var deadline = Deadline(Math.Min(request.MaximumLength, announced ?? long.MaxValue));
        return request.LongestTime < deadline ? request.LongestTime.Value : deadline;
    }
}
