using Pm.Packages;
using Pm.Trust.OpenPgp;

namespace Pm.Stages.Changes;

/// <summary>A package that was let in and lies in the store, or was only looked at.</summary>
/// <param name="Package">Its metadata.</param>
/// <param name="Signer">Who signed it; null: nobody, on demand.</param>
public sealed record IncomingPackage(Package Package, Fingerprint? Signer);
