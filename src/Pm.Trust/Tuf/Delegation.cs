namespace Pm.Trust.Tuf;

/// <summary>
/// A step from a role to one that it delegates to. What the other says is believed under the keys of this delegator, and of no
/// one else: two roles may delegate to a third under different keys (TUF 3.1.2.1).
/// </summary>
/// <param name="Delegator">Name of the role that delegates.</param>
/// <param name="Keys">All keys that it lists for those it delegates to.</param>
/// <param name="Role">Whom it delegates to.</param>
public sealed record Delegation(string Delegator, IReadOnlyDictionary<string, TufKey> Keys, DelegatedRole Role);
