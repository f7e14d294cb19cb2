namespace Pm.Repositories.Tokens;

/// <summary>What came of looking at a token that somebody presented.</summary>
public abstract record TokenCheck
{
    TokenCheck()
    {
    }

    /// <summary>Of what no token can be.</summary>
    public static Refused NoToken { get; } = new("that is no token: expected pm_ and 49 letters and digits");

    /// <summary>It is good; what it covers is another question.</summary>
    public sealed record Accepted(Token Token) : TokenCheck;

    /// <summary>It is not. Whoever knows the secret is told why; nobody else can tell the reasons apart.</summary>
    /// <param name="Message">Why.</param>
    /// <param name="Known">The token that is good no more; null: nobody made such a one.</param>
    public sealed record Refused(string Message, Token? Known = null) : TokenCheck;
}
