//! How the cases of each group end: `first-last name: accepted .., refused <code> .., policy <name> ..`.

/// `json_web_signature_test.json`: 401 cases.
pub const SIGNATURES: &str = "\
1-17 hs256: accepted 0, refused token_algorithm_refused 4, refused token_malformed 12, policy NoHmac 1
18-32 es256: accepted 1, refused key_id_unknown 1, refused signature_invalid 3, refused token_algorithm_refused 1, refused token_header_refused 1, refused token_malformed 8
33-258 rs256: accepted 1, refused key_id_unknown 1, refused signature_invalid 216, refused token_malformed 8
259-263 rs256: accepted 5
264-267 rs384: accepted 4
268-271 rs512: accepted 4
272-319 ps256: accepted 0, refused token_algorithm_refused 42, policy NoPss 6
320-324 ps384: accepted 0, refused token_algorithm_refused 1, policy NoPss 4
325-344 ps512: accepted 0, refused key_refused WrongAlgorithm 3, refused token_algorithm_refused 9, refused token_malformed 4, policy NoPss 4
345-345 rfc7520: accepted 1
346-346 rfc7520: accepted 0, policy NoPss 1
347-347 rfc7520: accepted 0, policy NoEs512 1
348-348 rfc7520: accepted 0, policy NoHmac 1
349-349 rfc7520WithKeyOps: accepted 1
350-350 rfc7520WithKeyOps: accepted 0, policy NoPss 1
351-351 rfc7520WithKeyOps: accepted 0, policy NoEs512 1
352-352 rfc7520: accepted 0, policy NoHmac 1
353-353 rsa_encryption: accepted 0, refused key_refused NotForSignatures 1
354-354 ec_key_for_encryption: accepted 0, refused key_refused NotForSignatures 1
355-355 rsa_encryption: accepted 0, refused key_refused NotForSignatures 1
356-356 ec_key_for_encryption: accepted 0, refused key_refused NotForSignatures 1
357-377 base64: accepted 0, refused token_algorithm_refused 2, refused token_malformed 12, policy NoHmac 5, policy StrictBase64Url 2
378-401 SpecialCaseEs256: accepted 1, refused signature_invalid 23";

/// `json_web_key_test.json`: 26 cases.
pub const KEYS: &str = "\
1-1 jws_mixedSymmetryKeyset: accepted 0, refused token_algorithm_refused 1
2-3 jws_keyset: accepted 0, refused token_algorithm_refused 1, policy NoHmac 1
4-4 jws_duplicate_kid: accepted 0, refused token_algorithm_refused 1
5-5 rs256: accepted 1
6-6 rs256: accepted 0, refused key_refused NotForSignatures 1
7-7 jws_rsa_roca_key: accepted 0, refused key_refused Roca 1
8-8 keysize_too_small: accepted 0, refused key_refused ModulusSize 1
9-9 exponentOne: accepted 0, refused key_refused Exponent 1
10-10 HS256: accepted 0, refused token_algorithm_refused 1
11-11 HS384: accepted 0, refused token_algorithm_refused 1
12-12 HS512: accepted 0, refused token_algorithm_refused 1
13-13 HS256: accepted 0, policy NoHmac 1
14-14 HS384: accepted 0, policy NoHmac 1
15-15 HS512: accepted 0, policy NoHmac 1
16-16 HS256: accepted 0, refused token_algorithm_refused 1
17-17 HS384: accepted 0, refused token_algorithm_refused 1
18-18 HS512: accepted 0, refused token_algorithm_refused 1
19-19 wrong_algorithm: accepted 0, refused key_refused WrongAlgorithm 1
20-20 invalid_algorithm: accepted 0, refused key_refused WrongAlgorithm 1
21-21 invalid_use: accepted 0, refused key_refused NotForSignatures 1
22-22 invalid_point: accepted 0, refused signature_invalid 1
23-23 wrong_curve: accepted 0, refused key_refused WrongAlgorithm 1
24-24 wrong_kty: accepted 0, refused key_refused Unreadable 1
25-25 invalid_aes_gcm_key: accepted 0, refused token_algorithm_refused 1
26-26 invalid_aes_kw_key: accepted 0, refused token_algorithm_refused 1";

/// `json_web_crypto_test.json`: 83 cases.
pub const KEY_SETS: &str = "\
1-17 jws_aes: accepted 0, refused token_algorithm_refused 4, refused token_malformed 12, policy NoHmac 1
18-32 jws_ec: accepted 1, refused key_id_unknown 1, refused signature_invalid 3, refused token_algorithm_refused 1, refused token_header_refused 1, refused token_malformed 8
33-45 jws_rsa: accepted 1, refused key_id_unknown 1, refused signature_invalid 3, refused token_malformed 8
46-46 jws_rsa_roca_key: accepted 0, refused key_refused Roca 1
47-47 jws_mixedSymmetryKeyset: accepted 0, refused token_algorithm_refused 1
48-49 jws_keyset: accepted 0, refused token_algorithm_refused 1, policy NoHmac 1
50-66 jwe_aes: accepted 0, refused token_malformed 16, policy NoEncryption 1
67-83 jwe_ec: accepted 0, refused token_malformed 16, policy NoEncryption 1";

/// `json_web_encryption_test.json`: 139 cases, all of them JWE.
pub const ENCRYPTION: &str = "\
1-32 jwe_aes: accepted 0, refused token_malformed 25, policy NoEncryption 7
33-57 jwe_ec: accepted 0, refused token_malformed 16, policy NoEncryption 9
58-59 jwe_ec: accepted 0, policy NoEncryption 2
60-61 jwe_ec: accepted 0, policy NoEncryption 2
62-68 jwe_ec: accepted 0, refused token_malformed 3, policy NoEncryption 4
69-69 jwe_aes: accepted 0, policy NoEncryption 1
70-70 jwe_aes: accepted 0, policy NoEncryption 1
71-71 jwe_aes: accepted 0, policy NoEncryption 1
72-72 jwe_aes: accepted 0, policy NoEncryption 1
73-75 jwe_aes: accepted 0, policy NoEncryption 3
76-81 jwe_ec: accepted 0, policy NoEncryption 6
82-87 jwe_rsa_oaep: accepted 0, policy NoEncryption 6
88-99 jwe_rsa_oaep_256: accepted 0, refused token_malformed 6, policy NoEncryption 6
100-105 jwe_rsa1_5: accepted 0, policy NoEncryption 6
106-106 jwe_aes: accepted 0, refused token_malformed 1
107-107 jwe_aes: accepted 0, refused token_malformed 1
108-108 jwe_aes: accepted 0, refused token_malformed 1
109-109 jwe_aes: accepted 0, refused token_malformed 1
110-110 jwe_rsa_oaep: accepted 0, refused token_malformed 1
111-111 jwe_rsa_oaep_256: accepted 0, refused token_malformed 1
112-120 jwe_rsa1_5: accepted 0, refused token_malformed 8, policy NoEncryption 1
121-127 jwe_rsa_oaep_modified: accepted 0, refused token_malformed 6, policy NoEncryption 1
128-128 rfc_7520: accepted 0, policy NoEncryption 1
129-129 rfc_7520: accepted 0, policy NoEncryption 1
130-130 rfc_7520: accepted 0, policy NoEncryption 1
131-131 rfc_7520: accepted 0, policy NoEncryption 1
132-132 rfc_7520: accepted 0, policy NoEncryption 1
133-133 rfc_7520: accepted 0, policy NoEncryption 1
134-134 rfc_7520: accepted 0, policy NoEncryption 1
135-135 rfc_7520: accepted 0, policy NoEncryption 1
136-139 Pkcs5Paddings: accepted 0, refused token_malformed 4";
