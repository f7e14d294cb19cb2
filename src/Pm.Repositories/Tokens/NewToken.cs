using System.Collections.Immutable;

namespace Pm.Repositories.Tokens;

/// <summary>What somebody asks for who wants a token.</summary>
/// <param name="Scopes">At least one.</param>
/// <param name="Note">What it is for.</param>
/// <param name="Expires">Null: never.</param>
public sealed record NewToken(ImmutableArray<TokenScope> Scopes, string Note, DateTimeOffset? Expires)
{
    /// <summary>In characters.</summary>
    public const int MaximumNote = 200;

    /// <summary>For how long a token is good where nobody says.</summary>
    public static TimeSpan DefaultLifetime { get; } = TimeSpan.FromDays(90);

    /// <exception cref="RepositoryException">PM5036: it says nothing, too much, or ends before it begins.</exception>
    public NewToken Checked(DateTimeOffset now)
    {
        if (Scopes.Length is 0 or > TokenScope.MaximumCount)
        {
            throw Wrong($"expected 1 to {TokenScope.MaximumCount} scopes, got {Scopes.Length}");
        }

        if (Note.Length > MaximumNote || Note.Any(char.IsControl))
        {
            throw Wrong($"the note: expected at most {MaximumNote} characters on one line");
        }

        return Expires <= now ? throw Wrong($"it would have expired on {Expires:yyyy-MM-dd}") : this;
    }

    static RepositoryException Wrong(string detail) => new("PM5036", $"a new token: {detail}", "pm help token create");
}
