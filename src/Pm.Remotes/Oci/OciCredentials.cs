namespace Pm.Remotes.Oci;

/// <summary>Who a registry takes pm for.</summary>
/// <param name="UserName">Without a colon.</param>
/// <param name="Password">The secret.</param>
public sealed record OciCredentials(string UserName, string Password)
{
    /// <summary>The secret is no password, but an identity token: the service of tokens takes it for one who may.</summary>
    public bool IsToken { get; init; }

    public override string ToString() => $"{UserName} with a {(IsToken ? "token" : "password")}";
}
