using System.Globalization;

namespace Pm.Stages.Roots;

/// <summary>What a remote offered when it was last pulled, and nobody vouches for any more.</summary>
/// <param name="Remote">Whose.</param>
/// <param name="Since">Until when it was vouched for; null: that is not known any more, as after a key was changed.</param>
public sealed record ExpiredList(string Remote, DateTimeOffset? Since)
{
    /// <summary>Since when, in words.</summary>
    public string Describe(DateTimeOffset now) => Since is { } end
        ? string.Create(CultureInfo.InvariantCulture, $"its list expired {Age(now - end)} ago ({end:yyyy-MM-dd})")
        : "nobody vouches for its list any more";

    static string Age(TimeSpan age) => age.TotalDays >= 2 ? $"{(int)age.TotalDays} days" : age.TotalHours >= 2 ? $"{(int)age.TotalHours} hours" : "moments";
}
