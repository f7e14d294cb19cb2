using Pm.Linux;
using Pm.Repositories.Tokens;

namespace Pm.Repositories.Auditing;

/// <summary>Who acts on a repository.</summary>
/// <param name="Name"><c>token ID</c>, or <c>user NAME</c> on the machine itself.</param>
/// <param name="Note">What the token is for.</param>
/// <param name="Address">Of the client.</param>
public sealed record AuditActor(string Name, string? Note, string? Address)
{
    internal const string User = "user ";

    /// <summary>Whoever runs this process.</summary>
    public static AuditActor Local => new($"{User}{SystemUser.Name}", null, null);

    public static AuditActor Of(Token token, string? address) => new($"token {token.Id}", token.Note, address);
}
