namespace Pm.Remotes.Oci;

/// <summary>Who a registry takes pm for.</summary>
/// <param name="UserName">Without a colon.</param>
/// <param name="Password">The secret.</param>
public sealed record OciCredentials(string UserName, string Password)
{
    public override string ToString() => $"{UserName} with a password";
}
