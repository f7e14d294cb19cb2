namespace Pm.Stages.Roots;

/// <summary>What a remote offered when it was last pulled, and nobody vouches for any more.</summary>
/// <param name="Remote">Whose.</param>
/// <param name="Since">Until when it was vouched for; null: that is not known any more, as after a key was changed.</param>
public sealed record ExpiredList(string Remote, DateTimeOffset? Since);
